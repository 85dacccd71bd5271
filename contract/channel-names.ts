/*
 * The names that the preload bridge is made from. They stand apart from their schemas (channels.ts), because a sandboxed
 * preload is one small file: it must not carry zod. TypeScript keeps both files equal.
 */

/** What a page may ask the desktop app; each has an answer. */
export const requestChannels = [
  'call',
  'subscribe',
  'unsubscribe',
  'desktopState',
  'setStartAtLogin',
  'chooseFolder',
  'openConfigFile',
  'openLogFolder',
  'openLink',
  'checkForUpdates',
  'downloadUpdate',
  'installUpdate',
  'quit',
] as const;
export type RequestChannel = (typeof requestChannels)[number];

/** What the desktop app tells a page. */
export const pushChannels = ['event', 'desktop', 'show'] as const;
export type PushChannel = (typeof pushChannels)[number];

/** Before every channel's name on the wire. */
export const channelPrefix = 'airdock:';
/** The name of the bridge in the page: `window.airdock`. */
export const bridgeName = 'airdock';
