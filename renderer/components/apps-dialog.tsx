import { Dialog } from '@base-ui/react/dialog';
import type { ReactNode } from 'react';
import { useDashboard } from '../store/dashboard.tsx';
import { text } from '../text/text.ts';
import { addressOf } from '../view/page-address.ts';
import { useAppsAddress } from '../view/use-apps-address.ts';
import { Command } from './command.tsx';
import { DialogFrame } from './dialog-frame.tsx';
import { Notice } from './notice.tsx';

export interface AppsDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

function Address({ title, address }: { title: string; address: string }) {
  return (
    <div>
      <h3 className="mb-1 text-sm font-semibold">{title}</h3>
      <Command command={address} />
    </div>
  );
}

/** Where the common ones ask for the address. Names of settings, as they stand in the app or its files. */
const places: readonly [app: string, setting: string | (() => string)][] = [
  ['Open WebUI', () => text.apps.openWebUi],
  ['Continue', 'apiBase'],
  ['Zed', 'language_models.ollama.api_url'],
  ['LangChain', 'base_url, baseUrl'],
  ['OpenAI SDKs', 'base_url, baseURL'],
  ['Ollama SDKs', 'host'],
];

function SettingsLink({ onOpenChange }: Pick<AppsDialogProps, 'onOpenChange'>) {
  return (
    <a href={addressOf('settings')} onClick={() => onOpenChange(false)} className="font-medium text-accent underline underline-offset-2 hover:no-underline">
      {text.apps.settings}
    </a>
  );
}

/** What an app is told so that it gets its models from Airdock. Everything is said here: the page may have no way to the internet. */
export function AppsDialog({ open, onOpenChange }: AppsDialogProps) {
  const address = useAppsAddress();
  const off = useDashboard((state) => state.settings?.config.gateway.enabled === false);
  const words = text.apps;
  const link: ReactNode = <SettingsLink onOpenChange={onOpenChange} />;
  return (
    <DialogFrame open={open} onOpenChange={onOpenChange} title={words.title} close={words.close} width="w-128">
      <Dialog.Description className="mt-1 text-sm text-pretty text-muted">{words.intro}</Dialog.Description>
      {off && (
        <div className="mt-4 text-sm">
          <Notice look="warn">
            {words.off} {link}
          </Notice>
        </div>
      )}
      {address !== null && (
        <div className="mt-4 grid grid-cols-[minmax(0,1fr)] gap-3">
          {address.now === null ? (
            <p className="text-sm">{text.settings.address.nextAny}</p>
          ) : (
            <>
              <Address title={words.ollama} address={address.now} />
              <Address title={words.openai} address={`${address.now}/v1`} />
            </>
          )}
          <div className="grid gap-1 text-sm text-pretty">
            {address.here && <p>{words.key}</p>}
            <p>
              {address.here ? words.keyElsewhere : words.keyHere} {link}
            </p>
          </div>
        </div>
      )}
      <h3 className="mt-5 text-sm font-semibold">{words.where}</h3>
      <dl className="mt-1 grid divide-y divide-line text-sm">
        {places.map(([app, setting]) => (
          <div key={app} className="flex flex-wrap items-baseline justify-between gap-x-4 py-1.5">
            <dt>{app}</dt>
            <dd className="min-w-0 text-muted">{typeof setting === 'string' ? <code className="font-mono text-[13px] wrap-anywhere">{setting}</code> : setting()}</dd>
          </div>
        ))}
      </dl>
      <p className="mt-4 text-sm text-pretty">{words.works}</p>
      <p className="mt-2 text-sm text-pretty text-muted">
        {words.more} <code className="font-mono text-[13px]">docs/clients.md</code>
      </p>
    </DialogFrame>
  );
}
