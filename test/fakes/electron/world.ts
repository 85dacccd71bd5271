import type { EventEmitter } from 'node:events';
import type { Platform } from '../../../main/desktop/parts.ts';
import type { FakePage, PageRequest } from './web-contents.ts';

/** What the parts of one fake Electron share. Nothing here is global: two fakes do not see each other. */
export interface World {
  readonly platform: Platform;
  /** Throws what Electron throws where something is used before `ready`. */
  needReady(message: string): void;
  /** Opens what a window loads. Absent: windows have no page, and everything loads. */
  readonly openPage: ((request: PageRequest) => FakePage) | null;
  /** Windows that are not destroyed, oldest first. */
  readonly windows: Set<OpenWindow>;
  /** A window's `close` was prevented: an app that was quitting is not any more. */
  closePrevented(): void;
  /** The last window is destroyed. */
  lastWindowGone(): void;
  /** Ids as Electron gives them: small and never twice. */
  nextId(): number;
}

/** A window as the app's own end sees it. */
export interface OpenWindow {
  close(): void;
  destroy(): void;
}

/** An event that can be prevented, as Electron's listeners get it. */
export interface FakeEvent {
  defaultPrevented: boolean;
  preventDefault(): void;
}

export function createEvent<T extends object>(details?: T): FakeEvent & T {
  const event = {
    ...details,
    defaultPrevented: false,
    preventDefault() {
      event.defaultPrevented = true;
    },
  } as FakeEvent & T;
  return event;
}

/** Emits with an event in front, and tells whether some listener prevented it. */
export function emitPreventable(emitter: EventEmitter, name: string, ...rest: unknown[]): boolean {
  const event = createEvent();
  emitter.emit(name, event, ...rest);
  return event.defaultPrevented;
}

/** What crosses a process border: cloned, or refused with Electron's words. */
export function clone<T>(value: T): T {
  try {
    return structuredClone(value);
  } catch {
    throw new Error('An object could not be cloned.');
  }
}
