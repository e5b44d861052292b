export { bothRandom } from './both-random.ts';
export { bothZero } from './both-zero.ts';
export { gaussian } from './gaussian.ts';
export { gaussianPeft } from './gaussian-peft.ts';
export { initB } from './init-b.ts';
export { kaimingNormal } from './kaiming-normal.ts';
export { kaimingUniform } from './kaiming-uniform.ts';
export { symmetric } from './symmetric.ts';
