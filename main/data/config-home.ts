import path from 'node:path';

/** Where a Linux user's programs keep their settings (XDG base directory specification, which tells to ignore relative values). */
export function configHome(env: Readonly<Record<string, string | undefined>>, home: string): string {
  const xdg = env['XDG_CONFIG_HOME'];
  return xdg && path.isAbsolute(xdg) ? xdg : path.join(home, '.config');
}
