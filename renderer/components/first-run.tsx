import { lazy, type ReactNode, Suspense } from 'react';
import { useDashboard } from '../store/dashboard.tsx';
import { text } from '../text/text.ts';
import { Command } from './command.tsx';
import { FolderForm } from './models/folder-form.tsx';
import { FolderRow } from './models/folder-row.tsx';
import { Samples } from './samples.tsx';
import { Section } from './section.tsx';
import { StartOllama } from './start-ollama.tsx';

const GetModel = lazy(async () => ({ default: await import('./library/get-model.tsx').then((module) => module.GetModel, () => () => null) }));

function Way({ title, children }: { title: string; children: ReactNode }) {
  return (
    <li className="p-5 sm:p-6">
      <h3 className="font-semibold">{title}</h3>
      <div className="mt-2">{children}</div>
    </li>
  );
}

/** Nothing is installed: what to do, the real thing first and samples last. */
export function FirstRun() {
  const ollama = useDashboard((state) => state.live?.providers.find(({ kind }) => kind === 'ollama'));
  const folders = useDashboard((state) => state.live?.folders) ?? [];
  const runs = ollama?.status === 'up';
  return (
    <Section title={text.first.title}>
      <p className="mb-4 max-w-prose px-1 text-muted">{text.first.intro}</p>
      <ol className="card divide-y divide-line">
        <Way title={runs ? text.first.ollamaUp : text.first.ollama}>
          {runs ? (
            <div className="grid gap-2 text-sm">
              <p>{text.first.ollamaPull}</p>
              <Command command="ollama pull llama3.2" />
            </div>
          ) : (
            <StartOllama />
          )}
        </Way>
        <Way title={text.first.folder}>
          {folders.length > 0 && (
            <ul className="mb-4 grid gap-3">
              {folders.map((folder) => (
                <FolderRow key={folder.path} folder={folder} />
              ))}
            </ul>
          )}
          <p className="mb-3 text-sm text-muted">{text.first.folderHint}</p>
          <FolderForm />
        </Way>
        <Way title={text.first.samples}>
          <Samples />
        </Way>
      </ol>
      <div className="mt-8">
        <Suspense>
          <GetModel />
        </Suspense>
      </div>
    </Section>
  );
}
