import type { IpcMainInvokeEvent, WebContents } from 'electron';
import { appOrigin } from '../parts.ts';

/** The parts of an event that its sender cannot make up. */
export type SenderEvent = Pick<IpcMainInvokeEvent, 'sender' | 'senderFrame'>;

/** Trusts the main frame of a window of ours, while it shows our own page, and nobody else. */
export function createSenderCheck(isOurs: (contents: WebContents) => boolean): (event: SenderEvent) => boolean {
  return ({ sender, senderFrame }) => {
    // Null: the frame is gone, or has another page by now. Whoever asked does not wait for the answer any more.
    if (senderFrame === null || sender.isDestroyed() || !isOurs(sender)) return false;
    return senderFrame.parent === null && senderFrame.frameTreeNodeId === sender.mainFrame.frameTreeNodeId && senderFrame.origin === appOrigin;
  };
}
