import { t } from '../core/text';
import type { TaskPerson } from '../core/types';

type Who = TaskPerson | number | null | undefined;

/** A person's name, or e-mail address, or number. */
export function personName(person: Who): string {
  if (typeof person === 'number') return t('Person {id}', { id: person });
  if (!person) return t('Somebody');
  return [person.first_name, person.last_name].filter(Boolean).join(' ') || person.email || t('Person {id}', { id: person.id });
}

export function initials(person: Who): string {
  if (typeof person === 'object' && person?.initials) return person.initials;
  return personName(person)
    .split(/[\s.@_-]+/)
    .slice(0, 2)
    .map((part) => part[0] ?? '')
    .join('')
    .toUpperCase();
}
