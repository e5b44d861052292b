export { landscape } from './landscape.ts';
export { lighthouse } from './lighthouse.ts';
export { owl } from './owl.ts';
