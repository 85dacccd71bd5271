import type { MenuItemConstructorOptions } from 'electron';

/** Everything of a menu that a person could tell apart, and what each click is about. */
export function menuText(template: readonly MenuItemConstructorOptions[], depth = 0): string {
  return template
    .map((item) => {
      const below = Array.isArray(item.submenu) ? `\n${menuText(item.submenu, depth + 1)}` : '';
      const look = `${item.enabled === false ? '-' : '+'}${item.type === 'checkbox' ? (item.checked ? '[x]' : '[ ]') : ''}`;
      return `${depth}${look} <${item.id ?? ''}> ${item.label ?? '---'}${below}`;
    })
    .join('\n');
}

/** The same without its changing figures. Ids keep theirs: "llama3.1" is not "llama3.2". */
export function figuresAside(text: string): string {
  return text
    .split('\n')
    .map((line) => {
      const label = line.indexOf('> ') + 2;
      return line.slice(0, label) + line.slice(label).replace(/\d+/g, '0');
    })
    .join('\n');
}
