export { developmentAnswer } from './development-answer.ts';
