/** Uploads that were begun and not finished, by what the browser knows of the file: chosen again, it goes on where it stopped. */
const KEY = "balie.uploads";
/** The server forgets what nobody took after a day. */
const KEPT_MS = 20 * 3600 * 1000;

type Kept = Record<string, readonly [id: string, at: number]>;

export function recall(file: File): string {
  return read()[nameOf(file)]?.[0] ?? "";
}

export function remember(file: File, id: string): void {
  write({ ...read(), [nameOf(file)]: [id, Date.now()] });
}

export function forget(file: File): void {
  const { [nameOf(file)]: _gone, ...others } = read();
  write(others);
}

function nameOf(file: File): string {
  return `${file.name}|${file.size}|${file.lastModified}`;
}

function read(): Kept {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "{}") as Kept;
    return Object.fromEntries(Object.entries(kept).filter(([, [, at]]) => Date.now() - at < KEPT_MS));
  } catch {
    return {};
  }
}

function write(kept: Kept): void {
  try {
    if (Object.keys(kept).length) localStorage.setItem(KEY, JSON.stringify(kept));
    else localStorage.removeItem(KEY);
  } catch {
    // A browser that keeps nothing: the file is sent from its beginning then.
  }
}
