import { text } from '../../text/text.ts';
import { usualIdleSeconds } from '../../view/idle-time.ts';
import { TimeChoice } from './time-choice.tsx';
import { useSetting } from './use-setting.ts';

const key = 'models.idle_timeout_seconds';

const options = ['time', 'auto'] as const;

/** After a time without use, or as soon as somebody needs the room. */
export function IdleTimeSetting({ note }: { note: string | null }) {
  const setting = useSetting(key);
  const words = text.settings.value;
  const auto = setting.value === 'auto';
  return (
    <TimeChoice
      setting={setting}
      name={key}
      value={auto ? 'auto' : 'time'}
      options={options.map((option) => ({ value: option, label: words.idle[option] }))}
      timed="time"
      startAt={usualIdleSeconds}
      valueOf={(option) => option}
      label={words.idleTime}
      note={note}
      meaning={auto ? words.idleAuto : undefined}
    />
  );
}
