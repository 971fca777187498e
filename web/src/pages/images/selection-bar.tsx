import { Foot } from '../../ui/foot.tsx';
import { formatBytes, plural, today } from '../../ui/format.ts';
import { DownloadIcon, TrashIcon } from '../../ui/icons.tsx';
import { eraseLater } from './erasing.ts';
import { saveZip } from './save-zip.ts';
import type { Selecting } from './use-selection.ts';

/** What is chosen, and what can be done with it. */
export function SelectionBar({ selecting }: { selecting: Selecting }) {
  const images = [...selecting.selection.values()];
  if (images.length === 0) return null;
  const bytes = images.reduce((sum, image) => sum + (image.bytes ?? 0), 0);
  return (
    <Foot name="tray">
      <div class="selection-bar" role="region" aria-label="Chosen images">
        <strong>
          {plural(images.length, 'image', 'images')} chosen <span class="dim">{formatBytes(bytes)}</span>
        </strong>
        <button class="button" onClick={() => saveZip(images, `darkroom-${today()}.zip`)}>
          <DownloadIcon /> Save as ZIP
        </button>
        <button
          class="button danger"
          onClick={() => {
            eraseLater(images);
            selecting.clear();
          }}
        >
          <TrashIcon /> Erase
        </button>
        <button class="button quiet" onClick={selecting.clear}>
          Clear
        </button>
      </div>
    </Foot>
  );
}
