import { useLocation } from 'preact-iso';
import type { Person } from '../../session/session.ts';
import { Page } from '../../ui/page.tsx';
import { DeadLetters } from './dead-letters.tsx';
import './operations.css';
import { Overview } from './overview.tsx';
import { Processors } from './processors.tsx';
import { Purges } from './purges.tsx';
import { Rights } from './rights.tsx';

const parts = [
  ['overview', 'Overview'],
  ['dead-letters', 'Dead letters'],
  ['erasures', 'Erasures'],
  ['processors', 'Processors'],
  ['rights', 'Rights'],
] as const;

type Part = (typeof parts)[number][0];

function Content({ part, person }: { part: Part; person: Person }) {
  switch (part) {
    case 'overview':
      return <Overview />;
    case 'dead-letters':
      return <DeadLetters me={person.id} />;
    case 'erasures':
      return <Purges />;
    case 'processors':
      return <Processors />;
    case 'rights':
      return <Rights />;
  }
}

export default function OperationsPage({ person }: { person: Person }) {
  const { query } = useLocation();
  const part = parts.find(([name]) => name === query['part'])?.[0] ?? 'overview';
  return (
    <Page title="Operations">
      <nav class="parts" aria-label="Parts of operations">
        {parts.map(([name, text]) => (
          <a
            key={name}
            href={`/operations?part=${name}`}
            {...(name === part && { 'aria-current': 'page' as const })}
          >
            {text}
          </a>
        ))}
      </nav>
      <Content part={part} person={person} />
    </Page>
  );
}
