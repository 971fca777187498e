import { useLocation } from 'preact-iso';
import { useEffect, useRef } from 'preact/hooks';
import type { Person } from '../../session/session.ts';
import { Page } from '../../ui/page.tsx';
import { useScrollCues } from '../../ui/scroll-area.tsx';
import { DeadLetters } from './dead-letters.tsx';
import { HubEvents } from './hub-events.tsx';
import { Lag } from './lag.tsx';
import './operations.css';
import { Overview } from './overview.tsx';
import { Processors } from './processors.tsx';
import { Purges } from './purges.tsx';
import { Rights } from './rights.tsx';
import { Sandbox } from './sandbox.tsx';
import { Trace } from './trace.tsx';
import { UnfinishedImages } from './unfinished-images.tsx';

const parts = [
  ['overview', 'Overview'],
  ['lag', 'Lag'],
  ['dead-letters', 'Dead letters'],
  ['images', 'Unfinished images'],
  ['hubs', 'Hubs'],
  ['erasures', 'Erasures'],
  ['processors', 'Processors'],
  ['sandbox', 'Sandbox'],
  ['rights', 'Rights'],
] as const;

type Part = (typeof parts)[number][0];

function Content({ part, person }: { part: Part; person: Person }) {
  switch (part) {
    case 'overview':
      return <Overview me={person.id} />;
    case 'lag':
      return <Lag />;
    case 'dead-letters':
      return <DeadLetters me={person.id} />;
    case 'images':
      return <UnfinishedImages />;
    case 'hubs':
      return (
        <>
          <Trace />
          <HubEvents />
        </>
      );
    case 'erasures':
      return <Purges />;
    case 'processors':
      return <Processors />;
    case 'sandbox':
      return <Sandbox />;
    case 'rights':
      return <Rights />;
  }
}

function Parts({ part }: { part: Part }) {
  const nav = useRef<HTMLElement>(null);
  useScrollCues(nav);
  useEffect(() => {
    const node = nav.current;
    if (!node) return;
    // Sideways only: the page stays where it is.
    const show = () => {
      const current = node.querySelector<HTMLElement>('[aria-current]');
      if (current) node.scrollLeft = current.offsetLeft - (node.clientWidth - current.offsetWidth) / 2;
    };
    const observer = new ResizeObserver(show);
    observer.observe(node);
    return () => observer.disconnect();
  }, [part]);
  return (
    <div class="scroll-frame parts-frame">
      <nav ref={nav} class="parts" aria-label="Parts of operations">
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
    </div>
  );
}

export default function OperationsPage({ person }: { person: Person }) {
  const { query } = useLocation();
  const part = parts.find(([name]) => name === query['part'])?.[0] ?? 'overview';
  return (
    <Page title="Operations">
      <Parts part={part} />
      <Content part={part} person={person} />
    </Page>
  );
}
