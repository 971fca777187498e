import { Socket } from 'node:net';
import { answerTo } from './answer.ts';
import { bytesDescriptor, type Task } from './protocol.ts';

/** What a worker process does: it reads an image from its pipe, answers, and waits for the next; see WorkerProcess. */
const candidates = process.argv[2];
const pipe = new Socket({ fd: bytesDescriptor });
const chunks = pipe[Symbol.asyncIterator]() as AsyncIterator<Buffer>;

async function read(size: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafeSlow(size);
  for (let filled = 0; filled < size;) {
    const next = await chunks.next();
    if (next.done === true) process.exit();
    filled += next.value.copy(bytes, filled);
  }
  return bytes;
}

process.on('message', (task: Task) => {
  void read(task.size)
    .then((bytes) => answerTo(bytes, { ...task, candidates }))
    .then((answer) => process.send!(answer));
});
process.on('disconnect', () => process.exit());
