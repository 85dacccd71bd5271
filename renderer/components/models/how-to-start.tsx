import type { ProviderView } from '../../../contract/index.ts';
import { text } from '../../text/text.ts';
import { Disclosure } from '../disclosure.tsx';
import { StartOllama } from '../start-ollama.tsx';

/** How to get a source back, folded away; nothing where that is not for a person at this computer to do. */
export function HowToStart({ id }: Pick<ProviderView, 'id'>) {
  if (id !== 'ollama') return null;
  return (
    <div className="mt-1">
      <Disclosure title={text.sources.howToStart}>
        <div className="pt-2">
          <StartOllama />
        </div>
      </Disclosure>
    </div>
  );
}
