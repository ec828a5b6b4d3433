import { partsOf } from "../linkify.ts";

/** Message text: links, code and code blocks as elements, all else as text. */
export function RichText({ text }: { readonly text: string }) {
  return (
    <>
      {partsOf(text).map((part) => {
        switch (part.kind) {
          case "text": return part.text;
          case "code": return <code>{part.text}</code>;
          case "block": return <pre class="code" tabIndex={0}>{part.text}</pre>;
          case "link":
            return <a class="link" href={part.href} target="_blank" rel="noopener noreferrer nofollow ugc">{part.text}</a>;
        }
      })}
    </>
  );
}
