/** The same figures for each department. */
import { Age } from "../shared/components/index.ts";
import { clock, credits, number, t } from "../shared/i18n.ts";

import type { BoardProps } from "./App.tsx";
import { departmentLines } from "./figures.ts";

export function Departments({ boot, feed, now }: BoardProps) {
  const lines = departmentLines(feed.rows.value, boot.departments, boot.me.topics, now.value);
  return (
    <article class="p departments">
      <h2 id="departments">{t("Departments")}</h2>
      <div class="fit" tabIndex={0} role="region" aria-labelledby="departments">
        <table class="table">
          <thead>
            <tr>
              <th scope="col">{t("Department")}</th>
              <th scope="col" class="n">
                {t("Waiting")}
              </th>
              <th scope="col" class="n">
                {t("Longest")}
              </th>
              <th scope="col" class="n">
                {t("Chats")}
              </th>
              <th scope="col" class="n">
                {t("Free seats")}
              </th>
              {boot.me.sees_meters && (
                <th scope="col" class="n">
                  {t("Credits/min")}
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {lines.map((line) => (
              <tr key={line.id}>
                <th scope="row" dir="auto">
                  {line.name}
                </th>
                <td class="n">{number(line.waiting)}</td>
                <td class="n">
                  {line.longest_s === undefined ? (
                    <span class="muted">{t("none")}</span>
                  ) : (
                    <Age seconds={line.longest_s} {...boot.queue_age}>
                      {clock(line.longest_s)}
                    </Age>
                  )}
                </td>
                <td class="n">{number(line.chats)}</td>
                <td class="n">{number(line.room)}</td>
                {boot.me.sees_meters && <td class="n">{credits(line.rate_m)}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </article>
  );
}
