export { fileNameParameter } from '../shared/platform/file-name.ts';
