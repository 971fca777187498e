import { answerTo } from './answer.ts';
import { openImageFile } from './file/on-disk.ts';
import type { Task } from './protocol.ts';

/** What a worker process does: it is told of an image, answers, and waits for the next; see WorkerProcess. */
const candidates = process.argv[2];

process.on('message', ({ path, ...asked }: Task) => {
  void answerTo(() => openImageFile(path), { ...asked, candidates }).then((answer) => process.send!(answer));
});
process.on('disconnect', () => process.exit());
