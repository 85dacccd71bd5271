import { memo } from 'react';

const radius = 6.5;
const around = 2 * Math.PI * radius;
/** Finer steps are not seen at this size, and each costs a drawing. */
const steps = 60;

const Ring = memo(function Ring({ step }: { step: number }) {
  return (
    <svg viewBox="0 0 16 16" className="size-4 shrink-0 -rotate-90" aria-hidden="true">
      <circle cx="8" cy="8" r={radius} fill="none" stroke="var(--track)" strokeWidth="2.5" />
      <circle
        cx="8"
        cy="8"
        r={radius}
        fill="none"
        stroke="currentColor"
        strokeWidth="2.5"
        strokeLinecap="round"
        strokeDasharray={around}
        strokeDashoffset={around * (1 - step / steps)}
      />
    </svg>
  );
});

/** How much of the idle time is left, 0 to 1. */
export function CountdownRing({ left }: { left: number }) {
  return <Ring step={Math.ceil(Math.min(1, Math.max(0, left)) * steps)} />;
}
