import { useEffect, useRef } from 'react';
import type { InstalledModel } from '../../contract/index.ts';
import type { LoadRequest } from '../store/state.ts';
import { LoadPreview } from './load-preview.tsx';
import { LoadRefusal } from './load-refusal.tsx';

interface LoadPanelProps {
  model: InstalledModel;
  request: Extract<LoadRequest, { phase: 'preview' | 'refused' }>;
  onClose: () => void;
}

/** The answer to a click on Load where that was not simply done, right under the row. Takes the focus; Escape closes it. */
export function LoadPanel({ model, request, onClose }: LoadPanelProps) {
  const panel = useRef<HTMLDivElement>(null);
  const { phase } = request;
  useEffect(() => {
    panel.current?.focus({ preventScroll: true });
    panel.current?.scrollIntoView({ block: 'nearest' });
  }, [phase]);
  return (
    <div
      ref={panel}
      tabIndex={-1}
      role="group"
      aria-label={model.name}
      className="mt-4 rounded-xl outline-offset-2"
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose();
      }}
    >
      {request.phase === 'preview' ? (
        <LoadPreview id={model.id} plan={request.plan} onClose={onClose} />
      ) : (
        <LoadRefusal id={model.id} problem={request.problem} plan={request.plan} onClose={onClose} />
      )}
    </div>
  );
}
