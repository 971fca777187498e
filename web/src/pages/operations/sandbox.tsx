import { useRef, useState } from 'preact/hooks';
import { ask } from '../../api/client.ts';
import { Badge, Empty } from '../../ui/states.tsx';
import { useRemote } from '../../ui/use-remote.ts';
import { SandboxPhoto, type Photo } from './sandbox-photo.tsx';
import { SandboxShadow } from './sandbox-shadow.tsx';
import './sandbox.css';
import { Section } from './section.tsx';

/** A new version of a processor beside the released one, over a photo and over stored images; nothing is kept. */
export function Sandbox() {
  const remote = useRemote('sandbox', (signal) => ask((api) => api.GET('/operations/sandbox', { signal })));
  const [photo, setPhoto] = useState<Photo>();
  const tried = useRef<HTMLDivElement>(null);
  const { candidates = [], problem = null } = remote.data ?? {};
  const look = (imageId: string) => {
    setPhoto({ name: imageId, bytes: () => rawBytes(imageId) });
    tried.current?.scrollIntoView();
    tried.current?.focus();
  };
  return (
    <>
      <div ref={tried} tabIndex={-1} data-tried>
        <SandboxPhoto photo={photo} onPhoto={setPhoto} hasCandidates={candidates.length > 0} />
      </div>
      <Section title="Candidates" remote={remote} rows={1}>
        <div class="card-body about-candidates">
          {problem !== null && (
            <div class="notice bad" role="group" aria-label="Problem">
              <div>
                <strong>The candidates cannot be tried</strong>
                <span>{problem}</span>
              </div>
            </div>
          )}
          {problem === null && candidates.length === 0 && (
            <Empty title="No candidate is deployed">
              Put a new version of a processor into <code>shared/images/process/candidates/</code> and deploy:
              it works here and nowhere else. Until then a photo shows what is released.
            </Empty>
          )}
          {candidates.length > 0 && (
            <>
              {' '}
              <ul class="candidates">
                {candidates.map(({ name, version, releasedVersion }) => (
                  <li key={name}>
                    <strong>{name}</strong>
                    <span>
                      {releasedVersion === null ? 'new' : `released ${releasedVersion}`} → candidate {version}
                    </span>
                    {releasedVersion === version && (
                      <Badge tone="warn">raise the version before its release</Badge>
                    )}
                  </li>
                ))}
              </ul>
              <p class="dim">
                To release one, move its file to <code>processors/</code>, deploy, and{' '}
                <a href="/operations?part=processors">process again</a> what is stored.
              </p>
            </>
          )}
        </div>
      </Section>
      {candidates.length > 0 && <SandboxShadow onLook={look} />}
    </>
  );
}

async function rawBytes(imageId: string): Promise<Blob> {
  const { links } = await ask((api) => api.GET('/images/{id}', { params: { path: { id: imageId } } }));
  const answer = await fetch(links.raw!);
  if (!answer.ok) throw new Error('The image is gone.');
  return answer.blob();
}
