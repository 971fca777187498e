import { ErrorBoundary, Route, Router, useLocation } from 'preact-iso';
import { useEffect } from 'preact/hooks';
import {
  AnalyticsPage,
  DictionaryPage,
  DocsPage,
  ImagePage,
  ImagesPage,
  LogisticsPage,
  OperationsPage,
  pages,
  pagesFor,
  SalesPage,
  WorkPanel,
} from './pages.ts';
import { SessionEnded } from './session/session-ended.tsx';
import type { Person } from './session/session.ts';
import { SignOutButton } from './session/sign-out-button.tsx';
import { Foot } from './ui/foot.tsx';
import { Mark } from './ui/icons.tsx';
import { Page } from './ui/page.tsx';
import { Empty } from './ui/states.tsx';
import { ThemeButton } from './ui/theme.tsx';

function TopBar({ person }: { person: Person }) {
  const { path } = useLocation();
  return (
    <header class="top">
      <div class="top-inner">
        <a class="brand" href="/">
          <Mark />
          Darkroom
        </a>
        <nav class="pages" aria-label="Pages">
          {pagesFor(person.roles).map((page) => (
            <a
              key={page.path}
              href={page.path}
              {...(path.startsWith(page.path) && { 'aria-current': 'page' as const })}
            >
              {page.name}
            </a>
          ))}
        </nav>
        <div class="person">
          <span class="person-name">
            <span>{person.name}</span>
            <small>{person.roles.join(', ')}</small>
          </span>
          <a class="button quiet" href="/docs" title="Reference of the API">
            API
          </a>
          <ThemeButton />
          <SignOutButton />
        </div>
      </div>
    </header>
  );
}

/** `/` is the first page that the roles allow. */
function Home({ person }: { person: Person }) {
  const { route } = useLocation();
  const first = pagesFor(person.roles)[0];
  useEffect(() => {
    if (first) route(first.path, true);
  }, [first, route]);
  if (first) return null;
  return (
    <Page title="Welcome">
      <Empty title="Your account has no role here yet">
        Ask whoever looks after Darkroom to add you to a team.
      </Empty>
    </Page>
  );
}

const FirstPage = ({ person }: { person: Person }) => (
  <a href="/">Go to {pagesFor(person.roles)[0]?.name ?? 'the first page'}</a>
);

function NotFound({ person }: { person: Person }) {
  return (
    <Page title="Not found">
      <Empty title="There is no such page">
        <FirstPage person={person} />
      </Empty>
    </Page>
  );
}

function NotAllowed({ name, person }: { name: string; person: Person }) {
  return (
    <Page title={name}>
      <Empty title="Your roles do not include this page">
        <FirstPage person={person} />
      </Empty>
    </Page>
  );
}

const seesImages = (person: Person): boolean => pagesFor(person.roles).some(({ path }) => path === '/images');

export function Shell({ person, ended }: { person: Person; ended: boolean }) {
  const { path } = useLocation();
  const refused = pages.find((page) => path.startsWith(page.path) && !pagesFor(person.roles).includes(page));
  return (
    <>
      <a class="visually-hidden button" href="#main">
        Skip to the page
      </a>
      <TopBar person={person} />
      {refused ? (
        <NotAllowed name={refused.name} person={person} />
      ) : (
        <Router>
          <Route path="/" component={Home} person={person} />
          <Route path="/images" component={ImagesPage} person={person} />
          <Route path="/images/:id" component={ImagePage} person={person} />
          <Route path="/logistics" component={LogisticsPage} person={person} />
          <Route path="/sales" component={SalesPage} person={person} />
          <Route path="/analytics" component={AnalyticsPage} person={person} />
          <Route path="/analytics/dictionary" component={DictionaryPage} />
          <Route path="/operations" component={OperationsPage} person={person} />
          <Route path="/docs" component={DocsPage} />
          <Route default component={NotFound} person={person} />
        </Router>
      )}
      {seesImages(person) && (
        <ErrorBoundary>
          <WorkPanel person={person} />
        </ErrorBoundary>
      )}
      {ended && (
        <Foot name="session-bar">
          <SessionEnded />
        </Foot>
      )}
    </>
  );
}
