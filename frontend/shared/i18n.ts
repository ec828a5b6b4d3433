/**
 * Texts, numbers and times in the reader's language. English texts are the keys; a language is a catalog of them.
 * `t` and `tn` want the text as a literal, so that the build can find it (frontend/build/catalogs.ts).
 */
import { signal } from "@preact/signals-core";

/** English text → translation, or its plural forms in the order of Intl's rule names. */
export type Catalog = Readonly<Record<string, string | Readonly<Partial<Record<Intl.LDMLPluralRule, string>>>>>;
export type Values = Readonly<Record<string, string | number>>;

const RIGHT_TO_LEFT = new Set(["ar", "fa", "he", "ur"]);

interface Tongue {
  readonly language: string;
  readonly catalog: Catalog;
  readonly plural: Intl.PluralRules;
}

/** A signal, so that what was rendered with it follows a change of language. */
const tongue = signal<Tongue>({ language: "en", catalog: {}, plural: new Intl.PluralRules("en") });

export function setLanguage(language: string, catalog: Catalog): void {
  tongue.value = { language, catalog, plural: new Intl.PluralRules(language) };
}

export function language(): string {
  return tongue.value.language;
}

export function direction(of: string = tongue.value.language): "ltr" | "rtl" {
  return RIGHT_TO_LEFT.has(of.split("-")[0] ?? "") ? "rtl" : "ltr";
}

/** The text in the reader's language, its `{names}` filled in. Numbers are written as the reader writes them. */
export function t(text: string, values?: Values): string {
  const translated = tongue.value.catalog[text];
  return fill(typeof translated === "string" ? translated : text, values);
}

/** As `t`, in the plural form of `n`, which is also a value. */
export function tn(one: string, other: string, n: number, values?: Values): string {
  const { catalog, plural } = tongue.value;
  const forms = catalog[one];
  const rule = plural.select(n);
  const fallback = n === 1 ? one : other;
  const text = typeof forms === "object" ? (forms[rule] ?? forms.other ?? fallback) : fallback;
  return fill(text, { n, ...values });
}

function fill(text: string, values?: Values): string {
  if (!values) return text;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    return typeof value === "number" ? number(value) : value;
  });
}

// --- numbers ---------------------------------------------------------------------------------------------------------

const formats = new Map<string, Intl.NumberFormat>();

/** Formats are dear to make, and the meter wants some each second. */
function numberFormat(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = tongue.value.language + JSON.stringify(options);
  let format = formats.get(key);
  if (!format) formats.set(key, (format = new Intl.NumberFormat(tongue.value.language, options)));
  return format;
}

export function number(value: number): string {
  return numberFormat({}).format(value);
}

/** Millicredits as credits: one decimal, two or three when the amount has them, never rounded. */
export function credits(amount_m: number): string {
  return numberFormat({ minimumFractionDigits: 1, maximumFractionDigits: 3 }).format(amount_m / 1000);
}

export function creditsWithUnit(amount_m: number): string {
  return t("{amount} credits", { amount: credits(amount_m) });
}

/** Seconds as m:ss, from an hour on as h:mm:ss, in the reader's digits. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  const two = (value: number) => numberFormat({ minimumIntegerDigits: 2 }).format(value);
  const last = `${hours ? two(minutes) : number(minutes)}:${two(whole % 60)}`;
  return hours ? `${number(hours)}:${last}` : last;
}

/** How dates are written. English here is written in Europe: the day first, and 24 hours. */
export function dateLocale(): string {
  return tongue.value.language === "en" ? "en-GB" : tongue.value.language;
}

/** The time of day of a wire time, in the reader's zone. */
export function timeOfDay(time: string | number): string {
  return new Intl.DateTimeFormat(dateLocale(), { hour: "2-digit", minute: "2-digit" }).format(new Date(time));
}

/** The day of a wire time, as a heading: "Saturday 21 November". */
export function dayText(time: string | number): string {
  return new Intl.DateTimeFormat(dateLocale(), { weekday: "long", day: "numeric", month: "long" }).format(new Date(time));
}

/** A moment of the next days: "Mon 23 Nov, 09:00". */
export function dayAndTime(time: string | number): string {
  return new Intl.DateTimeFormat(dateLocale(), { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" }).format(new Date(time));
}

/** The day of a wire time, short: "21 Nov 2026". */
export function shortDate(time: string | number): string {
  return new Intl.DateTimeFormat(dateLocale(), { dateStyle: "medium" }).format(new Date(time));
}

export function dateAndTime(time: string | number): string {
  return new Intl.DateTimeFormat(dateLocale(), { dateStyle: "medium", timeStyle: "short" }).format(new Date(time));
}

/** A stretch of time in words, as long as needed: "42 min", "1 h 5 min", "30 s". Whole minutes are rounded down. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 60) return t("{n} s", { n: whole });
  const minutes = Math.floor(whole / 60);
  if (minutes < 120) return t("{n} min", { n: minutes });
  const rest = minutes % 60;
  const hours = Math.floor(minutes / 60);
  return rest ? t("{h} h {n} min", { h: hours, n: rest }) : t("{n} h", { n: hours });
}

/** A stretch of time to the second, where a price or a promise hangs on it: 1 min 30 s, 42 min. */
export function exactDuration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const rest = whole % 60;
  if (whole < 60 || rest === 0) return duration(whole);
  return t("{time} {n} s", { time: duration(whole - rest), n: rest });
}
