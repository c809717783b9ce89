import { attribute } from '../../core/node';
import { t } from '../../core/text';
import type { TagNode } from '../../core/types';

export interface Side {
  stored: string;
  title: string;
  key: string;
  object: string;
}

/** The two objects to choose from: what is stored for each, and its key. */
export function assignedPair(node: TagNode): readonly Side[] {
  return [
    { stored: attribute(node, 'leftClass') || 'left', title: t('The first is better'), key: 'left', object: node.toName[0] ?? '' },
    { stored: attribute(node, 'rightClass') || 'right', title: t('The second is better'), key: 'right', object: node.toName[1] ?? '' },
  ];
}
