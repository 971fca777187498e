import { z } from 'zod';
import { imageStatuses } from '../shared/database/catalog/imaging.ts';
import { imageSources } from '../shared/platform/image-origin.ts';

/** Schemas that routes of several services share. A name in `meta` is the type's name in openapi.json. */
export const imageStatus = z.enum(imageStatuses).meta({ id: 'ImageStatus' });
export const imageSource = z.enum(imageSources).meta({ id: 'ImageSource' });
