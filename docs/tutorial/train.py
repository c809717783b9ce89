"""Learns from the answers of a project and predicts the rest: a naive Bayes classifier in plain Python, about as small as one gets.

pip install label-studio-sdk
python train.py http://localhost:8080 YOUR_TOKEN PROJECT_NUMBER
"""

import math
import re
import sys
from collections import Counter, defaultdict

from label_studio_sdk import LabelStudio

MODEL = "naive-bayes"
CONTROL, TEXT = "sentiment", "text"  # the names of <Choices> and <Text> in the labeling set-up


def words(text):
    return re.findall(r"[a-z']+", text.lower())


def train(examples):
    """examples: [(text, label)]. Returns a function from a text to {label: probability}."""
    counts, labels = defaultdict(Counter), Counter()
    for text, label in examples:
        labels[label] += 1
        counts[label].update(words(text))
    vocabulary = len({word for counter in counts.values() for word in counter})

    def classify(text):
        scores = {}
        for label, seen in labels.items():
            total = sum(counts[label].values())
            scores[label] = math.log(seen / len(examples)) + sum(
                math.log((counts[label][word] + 1) / (total + vocabulary)) for word in words(text)
            )
        top = max(scores.values())
        weights = {label: math.exp(score - top) for label, score in scores.items()}
        return {label: weight / sum(weights.values()) for label, weight in weights.items()}

    return classify


def answer_of(task):
    """The choice of a task's first answer that was not skipped; None when there is none."""
    for annotation in task["annotations"]:
        for row in annotation["result"] or []:
            if row["from_name"] == CONTROL and not annotation["was_cancelled"]:
                return row["value"]["choices"][0]
    return None


def main(url, token, project):
    client = LabelStudio(base_url=url, api_key=token)
    tasks = client.projects.exports.as_json(project)
    examples = [(task["data"]["text"], answer_of(task)) for task in tasks if answer_of(task)]
    if len({label for _text, label in examples}) < 2:
        sys.exit("Label some tasks first: at least one of two different choices.")
    classify = train(examples)

    predictions = []
    for task in tasks:
        if answer_of(task):
            continue
        found = classify(task["data"]["text"])
        label = max(found, key=found.get)
        row = {"from_name": CONTROL, "to_name": TEXT, "type": "choices", "value": {"choices": [label]}}
        predictions.append({"task": task["id"], "result": [row], "score": round(found[label], 4), "model_version": MODEL})
    if predictions:
        client.projects.import_predictions(id=project, request=predictions)
    print(f"Learned from {len(examples)} answers, predicted {len(predictions)} tasks.")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
