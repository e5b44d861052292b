"""Runs PEFT's own layers on the cases of ../peft.test.ts: a list of cases as JSON in, what the layers say out."""

import json
import sys

import torch

torch.set_default_dtype(torch.float64)
torch.manual_seed(1)
import peft  # noqa: E402  (parameters take the default type)


def of_config(text, places, shape):
    """A configuration from Python text as the page exports it, with the names of the one layer filled in."""
    config = eval(text.replace("[…]", '["W"]'), vars(peft))
    if isinstance(config, peft.ShiraConfig) and places is not None:
        mask = torch.zeros(shape).flatten()
        mask[torch.tensor(places)] = 1
        config.mask_fn = lambda base_layer, r, **_: mask.view(shape)
    return config


def run(case):
    W0 = torch.tensor(case["W0"])
    model = torch.nn.Module()
    model.W = torch.nn.Linear(W0.shape[1], W0.shape[0], bias=False)
    model.W.weight.data = W0.clone()
    adapted = peft.get_peft_model(model, of_config(case["config"], case.get("places"), W0.shape))
    trained = {name: p for name, p in adapted.named_parameters() if p.requires_grad}
    by_part, start = {}, {}
    for part, values in case.get("values", {}).items():
        [name] = [name for name in trained if f".{part}." in name]
        start[part] = trained[name].detach().flatten().tolist()
        trained[name].data = torch.tensor(values).reshape(trained[name].shape)
        by_part[part] = trained[name]
    layer = model.W
    update = layer(torch.eye(W0.shape[1])).T - W0
    (0.5 * (update - torch.tensor(case["target"])).square().sum()).backward()
    return {
        "start": start,
        "update": update.tolist(),
        "gradients": {part: p.grad.flatten().tolist() for part, p in by_part.items()},
        "merged": (adapted.merge_and_unload().W.weight - W0).tolist(),
    }


print(json.dumps({"version": peft.__version__, "results": [run(case) for case in json.load(sys.stdin)]}))
