/**
 * Message text to parts: links, inline code, code blocks and plain text (C7). Parts are rendered as elements and text nodes, never
 * as HTML, so that nothing anybody types can become markup.
 */
export type Part =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "link"; readonly text: string; readonly href: string }
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "block"; readonly text: string };

const FENCE = /```(?:[\w+#-]*\n)?([\s\S]+?)\n?```/g;
const CODE = /`([^`\n]+)`/g;
/** A scheme or `www.`, then anything up to white space, quotes or angle brackets. */
const LINK = /\b(?:https?:\/\/|www\.)[^\s<>"“”«»`]+/gi;
const TRAILING = ".,;:!?'’…،؛؟";

export function partsOf(text: string): readonly Part[] {
  return split(text, FENCE, (block) => ({ kind: "block", text: block }), withCode);
}

/** Without marks and links: for announcements and quotes. */
export function plainOf(text: string, length_max = 160): string {
  const plain = partsOf(text).map((part) => part.text).join("").replace(/\s+/g, " ").trim();
  const points = [...plain];
  return points.length > length_max ? `${points.slice(0, length_max - 1).join("")}…` : plain;
}

function withCode(text: string): readonly Part[] {
  return split(text, CODE, (code) => ({ kind: "code", text: code }), withLinks);
}

function withLinks(text: string): readonly Part[] {
  const parts: Part[] = [];
  let from = 0;
  for (const match of text.matchAll(LINK)) {
    const link = linkOf(match[0]);
    if (!link) continue;
    if (match.index > from) parts.push({ kind: "text", text: text.slice(from, match.index) });
    parts.push(link);
    from = match.index + link.text.length;
  }
  if (from < text.length) parts.push({ kind: "text", text: text.slice(from) });
  return parts;
}

function linkOf(found: string): Part | undefined {
  const text = withoutTail(found);
  const href = /^www\./i.test(text) ? `https://${text}` : text;
  try {
    const url = new URL(href);
    if ((url.protocol !== "https:" && url.protocol !== "http:") || !url.hostname.includes(".") && url.hostname !== "localhost") return undefined;
    return { kind: "link", text, href: url.href };
  } catch {
    return undefined;
  }
}

/** Without the punctuation of the sentence around it; brackets stay when they were opened inside. One pass, whatever was pasted. */
function withoutTail(found: string): string {
  let open = opens(found);
  let end = found.length;
  while (end > 0) {
    const last = found.charAt(end - 1);
    if (")]}".includes(last) && open < 0) open += 1;
    else if (!TRAILING.includes(last)) break;
    end -= 1;
  }
  return found.slice(0, end);
}

/** Brackets that stay open, less those that close nothing. */
function opens(text: string): number {
  let open = 0;
  for (const sign of text) {
    if ("([{".includes(sign)) open += 1;
    else if (")]}".includes(sign)) open -= 1;
  }
  return open;
}

function split(
  text: string, pattern: RegExp, part: (inside: string) => Part, rest: (text: string) => readonly Part[],
): readonly Part[] {
  const parts: Part[] = [];
  let from = 0;
  for (const match of text.matchAll(pattern)) {
    if (match.index > from) parts.push(...rest(text.slice(from, match.index)));
    parts.push(part(match[1] ?? ""));
    from = match.index + match[0].length;
  }
  if (from < text.length) parts.push(...rest(text.slice(from)));
  return parts;
}
