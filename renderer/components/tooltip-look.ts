/** How every tooltip looks: the page's colours, turned round. */
export const tooltipPopup = 'rounded-lg bg-ink px-2.5 py-1.5 text-[13px] font-medium text-page shadow-lg';
