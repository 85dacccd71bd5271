import { useState } from 'react';
import type { Problem } from '../../../contract/index.ts';
import { useActions, useDashboard } from '../../store/dashboard.tsx';
import { text } from '../../text/text.ts';
import { Button } from '../button.tsx';
import { Command } from '../command.tsx';
import { Row } from './setting-row.tsx';

const wordsOf = (problem: Problem | undefined) => (problem === undefined ? null : [problem.message, problem.hint].filter(Boolean).join(' '));

/** What apps elsewhere show. It reaches the page only when somebody wants to see it, and is kept nowhere. */
export function AppsKeyRow() {
  const [key, setKey] = useState<string | null>(null);
  const [asking, setAsking] = useState(false);
  const { appsKey, newAppsKey } = useActions();
  const reading = useDashboard((state) => state.pending.appsKey ?? false);
  const making = useDashboard((state) => state.pending.newAppsKey ?? false);
  const refusal = useDashboard((state) => state.refusals.newAppsKey ?? state.refusals.appsKey);
  const words = text.settings.address;

  async function show() {
    const answer = await appsKey();
    if (answer.ok && answer.output.ok) setKey(answer.output.value.key);
  }
  async function replace() {
    const answer = await newAppsKey();
    if (!answer.ok || !answer.output.ok) return;
    setKey(answer.output.value.key);
    setAsking(false);
  }

  return (
    <Row id="key" name={words.key} meaning={words.keyMeaning} fault={wordsOf(refusal)} labels="group" layout="below">
      {() => (
        <div className="grid w-full gap-2">
          {key !== null && <Command command={key} />}
          {asking && <p className="text-sm">{words.newKeySure}</p>}
          <div className="flex flex-wrap gap-2">
            {key === null ? (
              <Button busy={reading} onClick={() => void show()}>
                {words.showKey}
              </Button>
            ) : asking ? (
              <>
                <Button look="danger" busy={making} onClick={() => void replace()}>
                  {words.newKeyYes}
                </Button>
                <Button onClick={() => setAsking(false)}>{words.newKeyNo}</Button>
              </>
            ) : (
              <>
                <Button onClick={() => setKey(null)}>{words.hideKey}</Button>
                <Button look="quiet" onClick={() => setAsking(true)}>
                  {words.newKey}
                </Button>
              </>
            )}
          </div>
        </div>
      )}
    </Row>
  );
}

/** Signs a browser on another device in. */
export function PairingRow() {
  const [links, setLinks] = useState<{ urls: readonly string[]; minutes: number } | null>(null);
  const { pairingLinks } = useActions();
  const busy = useDashboard((state) => state.pending.pairingLinks ?? false);
  const refusal = useDashboard((state) => state.refusals.pairingLinks);
  const words = text.settings.address;

  async function make() {
    const answer = await pairingLinks();
    setLinks(answer.ok && answer.output.ok ? answer.output.value : null);
  }

  return (
    <Row
      id="pairing"
      name={words.pairing}
      meaning={words.pairingMeaning}
      fault={wordsOf(refusal)}
      note={links === null ? null : words.paired(links.minutes, links.urls.length)}
      labels="group"
      layout="below"
    >
      {() => (
        <div className="grid w-full justify-items-start gap-2">
          {links?.urls.map((url) => (
            <div key={url} className="w-full">
              <Command command={url} />
            </div>
          ))}
          <Button busy={busy} onClick={() => void make()}>
            {words.pair}
          </Button>
        </div>
      )}
    </Row>
  );
}
