/** `<details class="menu">`: closes on Escape, on a click elsewhere, and when another opens; arrows walk its entries. */
export function watchMenus(): void {
  const open = () => document.querySelectorAll<HTMLDetailsElement>('details.menu[open]');
  document.addEventListener('click', (event) => {
    for (const menu of open()) if (!(event.target instanceof Node && menu.contains(event.target))) menu.open = false;
  });
  document.addEventListener('keydown', (event) => {
    const menu = event.target instanceof Element ? event.target.closest<HTMLDetailsElement>('details.menu[open]') : null;
    if (!menu) return;
    if (event.key === 'Escape') {
      menu.open = false;
      menu.querySelector('summary')?.focus();
    }
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      const entries = [...menu.querySelectorAll<HTMLElement>('.menu-list a, .menu-list button')];
      const at = entries.indexOf(document.activeElement as HTMLElement);
      entries[(at + (event.key === 'ArrowDown' ? 1 : at < 0 ? 0 : -1) + entries.length) % entries.length]?.focus();
      event.preventDefault();
    }
  });
}
