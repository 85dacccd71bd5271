import { text } from '../text/text.ts';
import { platformOf } from '../view/platform.ts';
import { Command } from './command.tsx';

/** How to start Ollama on the reader's OS. */
export function StartOllama() {
  const start = text.sources.start[platformOf(navigator.userAgent)];
  return (
    <div className="grid gap-2 text-sm">
      <p>{start.text}</p>
      {start.commands.map((command) => (
        <Command key={command} command={command} />
      ))}
      <p className="text-muted">
        {text.sources.found} {text.sources.notInstalled}{' '}
        <a className="text-accent underline underline-offset-2" href="https://ollama.com/download" target="_blank" rel="noreferrer noopener">
          {text.sources.download}
        </a>
      </p>
    </div>
  );
}
