"""A tiny model on label-studio-ml's own server; runs in that package's environment: `python peer_model.py FOLDER`. Prints its port.

It answers by what it has learnt (the number of trainings), and counts with its token the tasks that our server lets it see.
"""

import sys

import requests
from label_studio_ml.api import init_app
from label_studio_ml.model import LabelStudioMLBase
from werkzeug.serving import make_server


class TinyModel(LabelStudioMLBase):
    TRAIN_EVENTS = (*LabelStudioMLBase.TRAIN_EVENTS, "START_TRAINING")

    def predict(self, tasks, context=None, **_kwargs):
        if context:
            return [{"result": context["result"], "score": 1.0}]
        headers = {"Authorization": f"Token {self.access_token}"}
        project = tasks[0]["project"]
        seen = requests.get(f"{self.hostname}/api/tasks/", params={"project": project}, headers=headers, timeout=5).json()["total"]
        label = "Positive" if self.train_output else "Negative"
        value = {"choices": [label]}
        row = {"from_name": "sentiment", "to_name": "text", "type": "choices", "value": value}
        return [{"result": [row], "score": seen / 100} for _task in tasks]

    def fit(self, tasks, workdir=None, **kwargs):
        return {"event": kwargs["event"], "labels": self.parsed_label_config["sentiment"]["labels"]}


if __name__ == "__main__":
    server = make_server("127.0.0.1", 0, init_app(model_class=TinyModel, model_dir=sys.argv[1]), threaded=True)
    print(server.port, flush=True)
    server.serve_forever()
