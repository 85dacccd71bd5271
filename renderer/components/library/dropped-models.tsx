import { useEffect, useState } from 'react';
import type { DownloadCheck } from '../../../contract/index.ts';
import { bridgeOf } from '../../desktop.ts';
import { useActions, useDashboard } from '../../store/dashboard.tsx';
import { useLibraryText } from '../../text/library.ts';
import { leadOf } from '../../view/download-source.ts';
import { Refusal } from '../refusal.tsx';
import { DownloadRow } from './download-row.tsx';
import { FileAnswer } from './file-answer.tsx';

/** Models among the files that were dropped: what each is, and the way into Airdock's folder. Parts of a split one are one. */
export function DroppedModels({ files }: { files: readonly File[] }) {
  const leads = [...new Map(files.map((file) => [leadOf(file.name), file])).values()];
  return leads.map((file) => <DroppedModel key={file.name} file={file} />);
}

function DroppedModel({ file }: { file: File }) {
  const words = useLibraryText();
  // Only the desktop app knows where a file lies.
  const path = bridgeOf(window)?.pathOf(file) ?? '';
  const key = `dropped:${path}`;
  const download = useDashboard((state) => state.live?.downloads.find(({ kind, from }) => kind === 'import' && from === path));
  const { run, dismissRefusal } = useActions();
  const [check, setCheck] = useState<DownloadCheck | null>(null);
  const [over, setOver] = useState(false);
  useEffect(() => {
    if (path === '') return;
    let unwanted = false;
    void run(key, 'checkDownload', { source: path }).then((result) => {
      if (!unwanted && result.ok && result.output.ok) setCheck(result.output.value);
    });
    return () => {
      unwanted = true;
      dismissRefusal(key);
    };
  }, [run, dismissRefusal, key, path]);

  if (download !== undefined) return <DownloadRow download={download} />;
  return (
    <li className="px-4 py-3.5 sm:px-5">
      <h3 className="font-semibold [overflow-wrap:anywhere]">{file.name}</h3>
      <p className="text-sm text-muted">{path === '' ? words.droppedInBrowser : words.dropped}</p>
      {check !== null && !over && <FileAnswer file={path} check={check} onOver={() => setOver(true)} />}
      <Refusal action={key} />
    </li>
  );
}
