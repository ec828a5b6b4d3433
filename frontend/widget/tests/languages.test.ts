import { expect, test } from "vitest";

import { MemoryShelf } from "../../shared/storage.ts";
import { ChosenLanguage } from "../languages.ts";

test("U1: what was chosen in the widget stays on the next page, until the site itself changes its language", () => {
  const shelf = new MemoryShelf();
  new ChosenLanguage(shelf, "nl").choose("fa");
  expect(new ChosenLanguage(shelf, "nl").of()).toBe("fa");
  expect(new ChosenLanguage(shelf, "hr").of()).toBe("hr");
});

test("nothing chosen, or something unreadable kept, is the page's language", () => {
  const shelf = new MemoryShelf();
  expect(new ChosenLanguage(shelf, "it").of()).toBe("it");
  shelf.setItem("balie.language", "[nonsense");
  expect(new ChosenLanguage(shelf, "it").of()).toBe("it");
});
