import { type RefObject, useEffect, useRef } from 'react';
import { useActions, useDashboard } from '../../store/dashboard.tsx';
import { LoadPreview } from './load-preview.tsx';
import { LoadRefusal } from './load-refusal.tsx';

interface LoadPanelProps {
  id: string;
  name: string;
  /** Gets the focus back when the answer is put aside. */
  button: RefObject<HTMLButtonElement | null>;
  /** Another model is loaded in place of this one. */
  onInstead: (id: string) => void;
}

/** The answer to a click on Load where that was not simply done, right under the row; nothing else. Takes the focus; Escape closes it. */
export function LoadPanel({ id, name, button, onInstead }: LoadPanelProps) {
  const request = useDashboard((state) => state.requests[id]);
  const { closeRequest } = useActions();
  const panel = useRef<HTMLDivElement>(null);
  const phase = request?.phase;
  useEffect(() => {
    panel.current?.focus({ preventScroll: true });
    panel.current?.scrollIntoView({ block: 'nearest' });
  }, [phase]);
  if (request?.phase !== 'preview' && request?.phase !== 'refused') return null;

  function close() {
    closeRequest(id);
    button.current?.focus();
  }

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
      {request.phase === 'preview' ? (
        <LoadPreview id={id} plan={request.plan} contextLength={request.contextLength} onClose={close} />
      ) : (
        <LoadRefusal
          id={id}
          problem={request.problem}
          plan={request.plan}
          onClose={close}
          onInstead={(other) => {
            closeRequest(id);
            onInstead(other);
          }}
        />
      )}
    </div>
  );
}
