import type { ElectronParts } from '../parts.ts';
import { isAppAddress } from './app-address.ts';
import type { OpenLink } from './open-link.ts';

export interface LockDownDeps {
  app: Pick<ElectronParts['app'], 'on' | 'enableSandbox'>;
  openLink: OpenLink;
}

/** Before `ready`: every page of the process is sandboxed, stays at our address, opens no window and carries no webview, whoever made it. */
export function lockDown({ app, openLink }: LockDownDeps): void {
  app.enableSandbox();
  app.on('web-contents-created', (_event, contents) => {
    const stay = (event: { readonly url: string; preventDefault(): void }): void => {
      if (!isAppAddress(event.url)) event.preventDefault();
    };
    contents.on('will-navigate', stay);
    contents.on('will-frame-navigate', stay);
    contents.on('will-redirect', stay);
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.setWindowOpenHandler(({ url }) => {
      // A link with target=_blank: to the browser, where it is a plain web address; refusals need no words.
      void openLink(url);
      return { action: 'deny' };
    });
  });
}
