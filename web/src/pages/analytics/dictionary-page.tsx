import dictionary from 'virtual:power-bi-dictionary';
import { Page } from '../../ui/page.tsx';
import { ScrollArea } from '../../ui/scroll-area.tsx';
import { PowerBiLink } from './power-bi-link.tsx';

/** Names as long as `valid_from` break where words end. */
const Name = ({ children }: { children: string }) => (
  <code>
    {children.split('_').map((word, at) => (
      <span key={at}>
        {at > 0 && (
          <>
            _<wbr />
          </>
        )}
        {word}
      </span>
    ))}
  </code>
);

/** What the tables, columns and measures of the Power BI project mean: the same texts as in the model. */
export default function DictionaryPage() {
  return (
    <Page
      title="Data dictionary"
      lead="Tables, columns and measures of the Power BI project, which reads the lake; days are UTC"
      aside={
        <span class="toolbar">
          <a class="button quiet" href="/analytics">
            Figures
          </a>
          <PowerBiLink />
        </span>
      }
    >
      {dictionary.map(({ name, about, entries }) => (
        <section key={name} class="card" aria-labelledby={`table-${name}`}>
          <div class="card-body">
            <h2 id={`table-${name}`}>
              <Name>{name}</Name>
            </h2>
            <p class="dim">{about}</p>
            <ScrollArea label={`Columns and measures of ${name}`}>
              <table class="cards">
                <thead>
                  <tr>
                    <th scope="col">Name</th>
                    <th scope="col">Kind</th>
                    <th scope="col">Type</th>
                    <th scope="col">Meaning</th>
                  </tr>
                </thead>
                <tbody>
                  {entries.map((entry) => (
                    <tr key={`${entry.kind} ${entry.name}`}>
                      <th scope="row">
                        <Name>{entry.name}</Name>
                      </th>
                      <td data-label="Kind">
                        {entry.kind}
                        {entry.isHidden && ', for joins'}
                      </td>
                      <td data-label="Type">{entry.type}</td>
                      <td class="meaning">
                        {entry.about}
                        {entry.formula !== undefined && <pre class="formula">{entry.formula}</pre>}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </ScrollArea>
          </div>
        </section>
      ))}
    </Page>
  );
}
