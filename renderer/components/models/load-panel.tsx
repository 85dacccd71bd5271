import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';
import { useActions, useDashboard } from '../../store/dashboard.tsx';
import type { LoadRequest } from '../../store/state.ts';
import { Refusal } from '../refusal.tsx';
import { LoadPreview } from './load-preview.tsx';
import { LoadRefusal } from './load-refusal.tsx';

interface LoadPanelProps {
  id: string;
  name: string;
  /** Gets the focus back from the answer. */
  button: RefObject<HTMLButtonElement | null>;
  /** Another model is loaded in place of this one. */
  onInstead: (id: string) => void;
  /** Beside files that the model is right for. */
  forFiles?: boolean;
}

type Answer = Extract<LoadRequest, { phase: 'preview' | 'refused' }>;

/** The answer to a click on Load where that was not simply done, right under the row; nothing else. */
export function LoadPanel(props: LoadPanelProps) {
  const request = useDashboard((state) => state.requests[props.id]);
  const elsewhere = useDashboard((state) => (state.loadForFiles === props.id) !== (props.forFiles ?? false));
  if (elsewhere) return null;
  return request?.phase === 'preview' || request?.phase === 'refused' ? <Panel {...props} answer={request} /> : null;
}

/** Takes the focus, and gives it back when it goes; Escape closes it. */
function Panel({ id, name, button, onInstead, answer }: LoadPanelProps & { answer: Answer }) {
  const { closeRequest } = useActions();
  const panel = useRef<HTMLDivElement>(null);
  useEffect(() => {
    panel.current?.focus({ preventScroll: true });
    panel.current?.scrollIntoView({ block: 'nearest' });
  }, [answer.phase]);
  useLayoutEffect(() => {
    const element = panel.current;
    const back = button.current;
    return () => {
      if (element?.contains(document.activeElement)) back?.focus();
    };
  }, [button]);
  const close = () => closeRequest(id);
  return (
    <div
      ref={panel}
      tabIndex={-1}
      role="group"
      aria-label={name}
      className="mt-4 rounded-xl outline-offset-2"
      onKeyDown={(event) => {
        if (event.key === 'Escape') close();
      }}
    >
      {answer.phase === 'preview' ? (
        <LoadPreview id={id} plan={answer.plan} contextLength={answer.contextLength} onClose={close} />
      ) : (
        <LoadRefusal
          id={id}
          problem={answer.problem}
          plan={answer.plan}
          onClose={close}
          onInstead={(other) => {
            close();
            onInstead(other);
          }}
        />
      )}
      <Refusal action={`limit:${id}`} />
    </div>
  );
}
