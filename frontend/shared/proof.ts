/**
 * What a guest's browser computes instead of solving a puzzle (T1; hub/base/proof_of_work.py): about half a second, beside what the page
 * does. Import this where it is needed and not before: `const { prove } = await import(".../proof.ts")`.
 */
import { type Challenge, solveChallenge } from "altcha-lib";
import { deriveKey } from "altcha-lib/algorithms/web/pbkdf2";

const URL = "/api/v1/proof/";

/** The text for the field `proof`: good for one form, and for twenty minutes. Throws without a network, and where a page is not secure. */
export async function prove(): Promise<string> {
  const answer = await fetch(URL, { credentials: "omit" });
  if (!answer.ok) throw new Error(String(answer.status));
  const { challenge } = (await answer.json()) as { challenge: Challenge };
  const solution = await solveChallenge({ challenge, deriveKey });
  if (!solution) throw new Error("The proof of work was not found in time");
  return btoa(JSON.stringify({ challenge, solution }));
}
