export { ReloadedFile, reportToStderr } from './reloaded-file.ts';
export { type ListEntry, ReloadedList } from './reloaded-list.ts';
