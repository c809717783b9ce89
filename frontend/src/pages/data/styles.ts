/** Styles through the object model: the policy allows no style attributes. */
export function sized(element: HTMLElement | null, styles: Partial<CSSStyleDeclaration>): void {
  if (element) Object.assign(element.style, styles);
}
