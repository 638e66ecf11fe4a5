/*
 * Elements of the page.
 */

/** An element of index.html. */
export const byId = (id: string) => document.getElementById(id)!;
/** An input of index.html. */
export const inputById = (id: string) => byId(id) as HTMLInputElement;

/** Creates an element. String children become text nodes. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const created = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) created.setAttribute(name, value);
  created.append(...children);
  return created;
}
