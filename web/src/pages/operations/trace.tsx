import { useState } from 'preact/hooks';
import { asApiError, type ApiError } from '../../../../client/api-error.ts';
import type { paths, TraceAnswer, TracedImage } from '../../../../client/api-types.ts';
import { ask } from '../../api/client.ts';
import { Badge, Empty, Failure } from '../../ui/states.tsx';
import { Time } from '../../ui/time.tsx';

type Query = NonNullable<paths['/operations/trace']['get']['parameters']['query']>;

const questions = [
  ['record', 'Record, as Kafka counts'],
  ['offset', 'Record, by offset'],
  ['ceId', 'CloudEvents id'],
  ['key', 'Key (owner)'],
  ['imageId', 'Image'],
] as const;
type Question = (typeof questions)[number][0];

function queryOf(question: Question, value: string): Query {
  if (question !== 'record' && question !== 'offset') return { [question]: value };
  const [hub, partition = '', number = ''] = value.split('/');
  const place = question === 'offset' ? { offset: number } : { sequenceNumber: Number(number) };
  return { hub: hub as NonNullable<Query['hub']>, partition, ...place };
}

function Found({ traced }: { traced: TracedImage }) {
  const { imageId, image, erased, records, deadLetters } = traced;
  return (
    <li class="traced">
      <div class="bulk-head">
        <a href={`/images/${imageId}`} class="mono">
          {imageId}
        </a>
        <Badge tone={erased ? 'plain' : 'info'}>
          {erased ? 'erased' : (image?.status ?? 'not known yet')}
        </Badge>
        {image && (
          <span class="dim">
            {image.source}, <Time at={image.uploadedAt} />
          </span>
        )}
        {deadLetters.map((id) => (
          <span key={id}>dead letter {id}</span>
        ))}
      </div>
      <ul class="records">
        {records.map(({ hub, partition, sequenceNumber, offset, enqueuedAt }) => (
          <li key={`${partition}/${offset}`}>
            <span class="mono">
              {hub}/{partition}/{sequenceNumber}
            </span>{' '}
            (Event Hubs’ offset {offset}) <Time at={enqueuedAt} />
          </li>
        ))}
      </ul>
    </li>
  );
}

/** From a record to the image that became of it, and back. */
export function Trace() {
  const [question, setQuestion] = useState<Question>('record');
  const [value, setValue] = useState('');
  const [answer, setAnswer] = useState<TraceAnswer>();
  const [problem, setProblem] = useState<ApiError>();
  const [busy, setBusy] = useState(false);
  const trace = (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setProblem(undefined);
    ask((api) => api.GET('/operations/trace', { params: { query: queryOf(question, value.trim()) } }))
      .then(setAnswer, (error: unknown) => setProblem(asApiError(error)))
      .finally(() => setBusy(false));
  };
  return (
    <section class="card" aria-label="Trace one image">
      <div class="card-body">
        <form class="hub-form" aria-label="Trace one image" onSubmit={trace}>
          <div class="field">
            <label for="trace-by">Trace by</label>
            <select
              id="trace-by"
              class="input"
              value={question}
              onChange={(event) => setQuestion(event.currentTarget.value as Question)}
            >
              {questions.map(([name, text]) => (
                <option key={name} value={name}>
                  {text}
                </option>
              ))}
            </select>
          </div>
          <div class="field grow">
            <label for="trace-value">What</label>
            <input
              id="trace-value"
              {...(question === 'record' || question === 'offset'
                ? { placeholder: 'image-stream/0/1041' }
                : {})}
              class="input mono"
              required
              autocomplete="off"
              value={value}
              onInput={(event) => setValue(event.currentTarget.value)}
            />
          </div>
          <button class="button primary" disabled={busy}>
            {busy ? 'Tracing …' : 'Trace'}
          </button>
        </form>
        {problem && <Failure problem={problem} />}
      </div>
      {answer?.images.length === 0 && (
        <Empty title={answer.erased ? 'Its image was erased' : 'It leads to no image'} />
      )}
      {answer && answer.images.length > 0 && (
        <ul class="bulk-runs" aria-label="Traced">
          {answer.images.map((traced) => (
            <Found key={traced.imageId} traced={traced} />
          ))}
        </ul>
      )}
      {answer?.complete === false && (
        <p class="matrix-foot dim">Not all of the hub was looked at, or the record has expired.</p>
      )}
    </section>
  );
}
