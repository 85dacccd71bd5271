export type Platform = 'linux' | 'mac' | 'windows';

/** The browser's OS: nearly always the engine's too, as the page is served on loopback. */
export function platformOf(userAgent: string): Platform {
  if (userAgent.includes('Windows')) return 'windows';
  return userAgent.includes('Mac OS') ? 'mac' : 'linux';
}
