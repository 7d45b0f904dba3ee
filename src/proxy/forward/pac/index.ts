export { type FollowedPac, type FollowPacOptions, followPac } from './follow-pac.ts';
export { type PacFileOptions, pacApp, pacFile } from './pac-file.ts';
