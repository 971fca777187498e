import { useEffect, useRef, useState } from 'preact/hooks';
import { UploadIcon } from '../../ui/icons.tsx';
import './drop-zone.css';
import { droppedFiles } from './dropped-files.ts';

/** What is processed, and no more; file names are for systems that do not know the types. */
const accepted =
  'image/jpeg,image/png,image/webp,image/gif,image/bmp,image/tiff,image/avif,image/heic,image/jxl,.avif,.heic,.heif,.jxl';

interface DropZoneProps {
  readonly texts?: {
    readonly title: string;
    readonly over: string;
    readonly note: string;
    readonly choose: string;
    readonly label: string;
  };
  readonly multiple?: boolean;
  readonly onFiles: (files: readonly File[]) => void;
  /** Of folders: what is no photo. */
  readonly onOthers: (files: readonly File[]) => void;
  /** Names of what could not be read. */
  readonly onUnread: (names: readonly string[]) => void;
}

/** True while files are held over the page; takes those that are dropped anywhere on it. */
function useDrop(props: DropZoneProps): boolean {
  const [over, setOver] = useState(false);
  const latest = useRef(props);
  latest.current = props;
  useEffect(() => {
    let depth = 0;
    const holdsFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') === true;
    const enter = (event: DragEvent) => {
      if (!holdsFiles(event)) return;
      depth += 1;
      setOver(true);
    };
    const leave = (event: DragEvent) => {
      if (!holdsFiles(event)) return;
      depth = Math.max(0, depth - 1);
      if (depth === 0) setOver(false);
    };
    const hold = (event: DragEvent) => {
      if (holdsFiles(event)) event.preventDefault();
    };
    const drop = (event: DragEvent) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      depth = 0;
      setOver(false);
      void droppedFiles(event.dataTransfer!, accepted.split(',')).then(({ files, others, unread }) => {
        latest.current.onFiles(files);
        latest.current.onOthers(others);
        latest.current.onUnread(unread);
      });
    };
    const listeners = { dragenter: enter, dragleave: leave, dragover: hold, drop } as const;
    for (const [name, listener] of Object.entries(listeners)) {
      document.addEventListener(name as 'drop', listener);
    }
    return () => {
      for (const [name, listener] of Object.entries(listeners)) {
        document.removeEventListener(name as 'drop', listener);
      }
    };
  }, []);
  return over;
}

const ofUploads = {
  title: 'Drop photos or folders anywhere on this page',
  over: 'Drop to upload',
  note: 'Each is erased after seven days.',
  choose: 'Choose files',
  label: 'Files to upload',
};

/** Where files are dropped or chosen; dropping works on the whole page. */
export function DropZone(props: DropZoneProps) {
  const { texts = ofUploads, multiple = true, onFiles } = props;
  const over = useDrop(props);
  const input = useRef<HTMLInputElement>(null);
  return (
    <div class={over ? 'drop-zone over' : 'drop-zone'}>
      <UploadIcon />
      <div>
        <strong>{over ? texts.over : texts.title}</strong>
        <p class="dim">JPEG, HEIC, PNG, WebP, GIF, TIFF, BMP, AVIF or JPEG XL. {texts.note}</p>
      </div>
      <button class="button primary" onClick={() => input.current?.click()}>
        {texts.choose}
      </button>
      <input
        ref={input}
        class="visually-hidden"
        tabIndex={-1}
        type="file"
        multiple={multiple}
        accept={accepted}
        aria-label={texts.label}
        onChange={(event) => {
          const { files } = event.currentTarget;
          if (files) onFiles(Array.from(files));
          event.currentTarget.value = '';
        }}
      />
    </div>
  );
}
