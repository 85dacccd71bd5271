/** Where menus and tooltips are put: into the page's main part, so that nothing on the screen is outside of every landmark. */
export function popupPlace(): HTMLElement | undefined {
  return document.querySelector<HTMLElement>('[data-popups]') ?? undefined;
}
