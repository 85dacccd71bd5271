import path from 'node:path';
import type { Platform } from '../parts.ts';
import { levels, marks, type IconState } from './level.ts';

/** The names of all icons. scripts/render-icons.mjs draws each one of them. */
export const iconNames: readonly string[] = [...levels.map((level) => `level-${level}`), 'busy', 'problem'].flatMap((name) => [name, ...marks.map((mark) => `${name}-${mark}`)]);

export function iconName({ level, sign, mark }: IconState): string {
  const name = sign ?? `level-${level}`;
  return mark === null ? name : `${name}-${mark}`;
}

/** Pixels of each picture. Electron finds `@2x` by itself; on Linux it hands the panel the largest it has. */
export const iconSizes = {
  darwin: [16, 32],
  linux: [24, 48],
  win32: [16, 20, 24, 32],
} as const satisfies Record<Platform, readonly number[]>;

/** Below assets/tray. macOS takes a name that ends with Template as a sign to colour the picture itself. */
export function iconFile(platform: Platform, name: string): string {
  if (platform === 'darwin') return path.join('mac', `${name}Template.png`);
  if (platform === 'win32') return path.join('windows', `${name}.ico`);
  return path.join('linux', `${name}.png`);
}
