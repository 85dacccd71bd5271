import type { WebContents } from 'electron';
import { channelPrefix, type PushChannel, type PushPayload } from '../../../contract/index.ts';
import { appOrigin } from '../parts.ts';

/** Sends to a page while it is our own, and to nothing that came in its place. False: nobody got it. */
export function pushTo<P extends PushChannel>(contents: WebContents, channel: P, payload: PushPayload<P>): boolean {
  try {
    if (contents.isDestroyed() || contents.isCrashed() || contents.mainFrame.origin !== appOrigin) return false;
    contents.send(channelPrefix + channel, payload);
    return true;
  } catch {
    // Electron throws where a page ends between the question and the sending.
    return false;
  }
}
