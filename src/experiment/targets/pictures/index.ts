import { catalogue } from '../../catalogue.ts';
import { landscape } from './landscape.ts';
import { lighthouse } from './lighthouse.ts';
import { owl } from './owl.ts';

/** As lists show them. */
export const pictures = catalogue([landscape, owl, lighthouse]);
