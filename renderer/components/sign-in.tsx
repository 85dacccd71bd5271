import { useConnection } from '../store/dashboard.tsx';
import { text } from '../text/text.ts';
import { Button } from './button.tsx';
import { Command } from './command.tsx';

/** The engine does not know this browser. */
export function SignIn() {
  const connection = useConnection();
  const [first, second] = text.signIn.steps;
  return (
    <main className="mx-auto mt-8 max-w-lg sm:mt-16">
      <div className="card p-6 sm:p-8">
        <h2 className="text-xl font-semibold">{text.signIn.title}</h2>
        <p className="mt-2 text-muted">{text.signIn.why}</p>
        <ul className="mt-6 grid list-disc gap-4 pl-5">
          <li>{first}</li>
          <li>
            <p className="mb-2">{second}</p>
            <Command command={text.signIn.command} />
          </li>
        </ul>
        <p className="mt-4 text-sm text-muted">{text.signIn.after}</p>
        <Button className="mt-6" onClick={() => connection.retryNow()}>
          {text.signIn.retry}
        </Button>
      </div>
    </main>
  );
}
