import { EventEmitter } from 'node:events';
import type * as Electron from 'electron';
import { createEvent, type World } from './world.ts';

/** A notification as a person has it before them. */
export interface NotificationControls {
  readonly notification: Electron.Notification;
  readonly title: string;
  readonly body: string;
  readonly silent: boolean;
  readonly options: Electron.NotificationConstructorOptions;
  state(): 'made' | 'shown' | 'closed' | 'failed';
  click(): void;
  /** A button, where the system has such. */
  action(index: number): void;
  /** Waved away. */
  dismiss(): void;
}

export function createNotificationClass(world: World, how: { supported: boolean; fails: string | null }) {
  const all: NotificationControls[] = [];

  class FakeNotification extends EventEmitter {
    static isSupported = () => how.supported;
    static removeAll = () => undefined;

    constructor(options: Electron.NotificationConstructorOptions = {}) {
      super();
      world.needReady('Cannot create Notification before app is ready');
      let state: ReturnType<NotificationControls['state']> = 'made';
      const close = (): void => {
        if (state !== 'shown') return;
        state = 'closed';
        this.emit('close', createEvent({ reason: 'userCanceled' }));
      };
      const methods = {
        title: options.title ?? '',
        body: options.body ?? '',
        subtitle: options.subtitle ?? '',
        silent: options.silent ?? false,
        show() {
          if (!how.supported) return;
          if (how.fails !== null) {
            state = 'failed';
            const reason = how.fails;
            setImmediate(() => emit('failed', createEvent(), reason));
            return;
          }
          state = 'shown';
          setImmediate(() => emit('show', createEvent()));
        },
        close,
      } satisfies Partial<Electron.Notification>;
      const emit = (name: string, ...args: unknown[]): void => void this.emit(name, ...args);
      Object.assign(this, methods);
      const shownNow = (): void => {
        if (state !== 'shown') throw new Error(`This notification is ${state}: nobody can click it`);
      };
      all.push({
        notification: this as unknown as Electron.Notification,
        title: methods.title,
        body: methods.body,
        silent: methods.silent,
        options,
        state: () => state,
        click() {
          shownNow();
          emit('click', createEvent());
          // Every desktop takes it away after a click.
          close();
        },
        action(index) {
          shownNow();
          emit('action', createEvent({ actionIndex: index, selectionIndex: -1 }), index, -1);
          close();
        },
        dismiss() {
          shownNow();
          close();
        },
      });
    }
  }

  return {
    Notification: FakeNotification as unknown as typeof Electron.Notification,
    /** Every one that was made, oldest first. */
    notifications: () => [...all],
    /** Those that a person has seen. */
    shown: () => all.filter((one) => one.state() !== 'made' && one.state() !== 'failed'),
  };
}
